"""The tabs of the Streamlit page, one per file."""
