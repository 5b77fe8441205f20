"""The tabs of the Streamlit page, one a file."""
